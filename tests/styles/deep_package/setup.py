from setuptools import find_packages, setup

setup(name="autograd", packages=find_packages("src"), package_dir={"": "src"})
