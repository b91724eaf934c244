"""Converts pictures once and stores them so that training reads them at speed."""
