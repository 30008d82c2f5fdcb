from derivatives import *
from graph import helper
import derivatives
