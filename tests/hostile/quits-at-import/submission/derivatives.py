"""Calls exit while the file is loaded."""
import sys
sys.exit()
