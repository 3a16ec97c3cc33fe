"""The run's own guards: they are believed because they are seen to refuse here."""

import socket

import psycopg
import pytest

from tests.equipment import last_line
