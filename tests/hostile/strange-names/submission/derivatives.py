raise ValueError('graded all the same')
