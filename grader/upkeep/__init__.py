"""What whoever keeps the kit needs: releasing it, proving it, packing it for a platform."""
