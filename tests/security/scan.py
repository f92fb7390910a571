"""Runs wapiti; its own way of leaving addresses out fails on Python 3.11, where fnmatch's expressions are no longer its."""
import fnmatch
import re
import sys

from wapitiCore.main.wapiti import wapiti_main
from wapitiCore.net import crawler

crawler.wildcard_translate = lambda pattern: re.compile(fnmatch.translate(pattern))
sys.exit(wapiti_main())
