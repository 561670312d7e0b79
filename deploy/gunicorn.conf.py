"""Gunicorn, the same behind `make run` and in a container; sized by WEB_WORKERS and WEB_THREADS."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
loglevel = os.environ.get("WEB_LOG_LEVEL", "warning")
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 20
max_requests = 5000
max_requests_jitter = 500
# Uploads and exports are large enough; headers never are.
limit_request_line = 8190
control_socket_disable = True
# The proxy in front says which scheme and address the visitor used; only its address may.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
