"""What the device page needs: the devices, and how models are tuned to them."""
