#!/usr/bin/env bash
# Tells what happened to an order, and asks what became of the notice. Wants a key with the scope orders.
set -euo pipefail
event=${1:?say which file holds the event, such as docs/examples/order-shipped.json}

told=$(curl --fail-with-body --silent "$PASSERELLE_URL/v1/orders/events" \
  -H "Authorization: Bearer $PASSERELLE_KEY" \
  -H 'Content-Type: application/json' \
  -d @"$event")
echo "$told"

notice=$(sed -nE 's/.*"notice":([0-9]+).*/\1/p' <<<"$told")
[ -z "$notice" ] || curl --fail-with-body --silent "$PASSERELLE_URL/v1/notices/$notice" -H "Authorization: Bearer $PASSERELLE_KEY"
