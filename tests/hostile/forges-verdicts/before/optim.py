import sys, gc
