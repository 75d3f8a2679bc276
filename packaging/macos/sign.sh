#!/usr/bin/env bash
# UNTESTED: written from Apple's documentation; it has not been run by us yet.
#
# Signs the app from the inside out, has Apple notarise it, and makes the disk image.
# Usage: sign.sh Cellar.app OUTPUT.dmg
# Wants IDENTITY ("Developer ID Application: …") and PROFILE (of `notarytool store-credentials`);
# without IDENTITY the signature is ad hoc, for this computer only.
set -euo pipefail
app=$1
image=$2
identity=${IDENTITY:--}
entitlements=$(dirname "${BASH_SOURCE[0]}")/entitlements.plist
options=(--force --sign "$identity")
if [ "$identity" != - ]; then
    options+=(--timestamp --options runtime)
fi

find "$app/Contents/Frameworks" "$app/Contents/Resources" -type f \
    \( -name '*.so' -o -name '*.dylib' \) -exec codesign "${options[@]}" {} +
find "$app/Contents/Frameworks" -type d -name '*.framework' -exec codesign "${options[@]}" {} \;
for program in "$app"/Contents/MacOS/*; do
    codesign "${options[@]}" --entitlements "$entitlements" "$program"
done
codesign "${options[@]}" --entitlements "$entitlements" "$app"
codesign --verify --deep --strict --verbose=2 "$app"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
ditto "$app" "$stage/Cellar.app"
ln -s /Applications "$stage/Applications"
hdiutil create -volname Cellar -srcfolder "$stage" -ov -format ULFO "$image"
if [ "$identity" != - ]; then
    codesign --sign "$identity" --timestamp "$image"
    xcrun notarytool submit "$image" --keychain-profile "${PROFILE:?}" --wait
    xcrun stapler staple "$image"
    spctl --assess --type open --context context:primary-signature --verbose "$image"
fi
