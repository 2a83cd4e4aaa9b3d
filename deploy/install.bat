@echo off
rem Install Muster from this folder, without any network: install.bat [--into FOLDER] [--check]
rem Wanted: Python @PYTHON@ of python.org with its launcher "py"; or call that Python: python install.py
py -@PYTHON@ "%~dp0install.py" %*
exit /b %ERRORLEVEL%
