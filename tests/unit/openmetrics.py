#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""openmetrics.py <TEXT: the format's own reader takes it, as Prometheus would. Prints the
sum of each gauge's samples, for a test to compare."""
import sys

from prometheus_client.openmetrics.parser import text_fd_to_metric_families

for family in text_fd_to_metric_families(sys.stdin):
    if family.type != "gauge" or family.unit != "bytes" or not family.documentation:
        sys.exit(f"{family.name}: {family.type} in {family.unit}")
    print(family.name, int(sum(sample.value for sample in family.samples)))
