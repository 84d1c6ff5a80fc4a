"""What a host sets and watches: settings, logs, metrics, readiness, workers."""
