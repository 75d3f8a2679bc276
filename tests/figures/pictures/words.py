"""What is said in the pictures."""

FOX = {
    "What do foxes eat?": "Mice and voles first of all, then berries, beetles and fallen fruit. In"
    " towns they take what our bins have to offer.",
    "Where do they sleep?": "In an *earth*: a burrow they dig themselves, or take over from a"
    " rabbit or a badger. Outside the cold months many sleep in the open, under a hedge.",
    "How many cubs do they have?": "Four or five as a rule, born in March or April. They leave the"
    " earth after about four weeks.",
    "Are they seen by day?": "More often than one would think, above all in spring, when the cubs"
    " must be fed.",
}
FIBONACCI = "How do I write Fibonacci in Python, and which way is the fastest?"
CODE = """\
Three ways are common. The **loop** needs no memory to speak of:

```python
def fibonacci(n: int) -> int:
    \"\"\"The n-th number of the sequence, from 0.\"\"\"
    before, now = 0, 1
    for _ in range(n):
        before, now = now, before + now
    return before
```

They differ in what they cost:

| Way | Time | Memory | For n = 90 |
|:---|:---:|---:|---:|
| Loop | O(n) | constant | 4 µs |
| Recursion with `@cache` | O(n) | O(n) | 31 µs |
| Recursion alone | O(2ⁿ) | O(n) | centuries |

1. Take the loop for single numbers.
2. Take the cache when many are asked for.

> Plain recursion is for textbooks only.
"""
RIDDLE = "A bat and a ball cost 1.10 € together. The bat costs 1 € more. What is the ball?"
THOUGHT = """\
<think>
The ball costs x, the bat x + 1.
Together: 2x + 1 = 1.10, so x = 0.05.
Check: 0.05 + 1.05 = 1.10. Right. The tempting answer is 0.10, which is wrong.
</think>

The ball costs **0.05 €**.

Call it *x*. The bat is then *x* + 1, and both are 2*x* + 1 = 1.10, so *x* = 0.05. \
The answer that comes to mind first, 0.10 €, would make the bat only 0.90 € dearer.
"""
STORY = "Tell me a story about a fox."
STORY_TOLD = """\
Once upon a time, at the edge of a vineyard, there lived a fox who was known for two things: \
her patience, and the fact that she never finished a story.

Every evening the hares came to listen. She would begin with the moon, as one does, and go on \
to the old cellar under the hill, whose door stood open a hand's breadth. And every evening, \
just when something was about to step out of the dark, she would yawn and say that the rest \
must wait.
"""
GERMAN = {
    "Wie lange muss ein Ei kochen?": "Das kommt darauf an, wie fest es werden soll:\n\n"
    "- **4 Minuten**: das Weiße gerade fest, der Dotter flüssig\n"
    "- **6 Minuten**: wachsweich\n- **9 Minuten**: hart\n\nDie Zeiten gelten für mittelgroße"
    " Eier aus dem Kühlschrank, die in sprudelndes Wasser gelegt werden.",
}
GERMAN_TITLES = (
    ("Eier kochen", 0),
    ("Brief an den Vermieter", 1),
    ("Packliste für fünf Tage Porto", 1),
    ("Reguläre Ausdrücke für Datumsangaben", 4),
    ("Sauerteig geht nicht auf", 12),
)
ARABIC = {
    "ما هي عاصمة المغرب؟": "عاصمة المغرب هي **الرباط**، وتقع على ساحل المحيط الأطلسي.\n\n"
    "1. أكبر مدينة هي الدار البيضاء.\n2. أقدم جامعة في فاس.\n\n> أُسّست المدينة في القرن الثاني"
    ' عشر.\n\nيمكن كتابة ذلك في Python هكذا:\n\n```python\ncapital = {"Morocco": "Rabat"}\n```',
    "Can you say that in English?": "The capital of Morocco is **Rabat**, on the Atlantic coast.",
}
ARABIC_TITLES = (
    ("عاصمة المغرب", 0),
    ("رسالة إلى المالك", 1),
    ("قصيدة عيد ميلاد", 3),
    ("Regular expression for dates", 12),
)
NOTES = """\
Minutes of the meeting, 12 November

1. The roof: two offers are in, the cheaper one without insulation.
2. The bicycles in the hall must go until the first of December.
3. The lamp in the yard burns day and night.
"""
OFFERS = """\
firm;price;insulation;weeks
Dach & Sohn;18400;no;3
Hillside Roofing;23900;yes;4
"""
