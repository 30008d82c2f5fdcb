import torch, numpy as np
from tensorflow import *
