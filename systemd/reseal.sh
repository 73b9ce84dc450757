#!/bin/sh
# The `reseal` command of an installed station: the same program as the service, with the caller's own rights.
exec /opt/reseal/current/bin/node --max-semi-space-size=2 --heap-growing-percent=25 \
  /opt/reseal/current/agent/main.ts "$@"
