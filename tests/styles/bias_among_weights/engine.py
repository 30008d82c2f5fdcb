from value import *
