def forward_difference(f, x, h)
    return 1
