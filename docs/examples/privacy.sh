#!/usr/bin/env bash
# What the law lets a customer ask for. Wants a key with the scope privacy.
set -euo pipefail
email=${1:?say whose e-mail}
call() { curl --fail-with-body --silent -H "Authorization: Bearer $PASSERELLE_KEY" -H 'Content-Type: application/json' "$@"; }

found=$(call "$PASSERELLE_URL/v1/customers/find" -d "{ \"email\": \"$email\" }")
customer=$(sed -E 's/.*\[([0-9]+)\].*/\1/' <<<"$found")   # several would not match: never guess

exported=$(call -X POST "$PASSERELLE_URL/v1/customers/$customer/export")
echo "${exported:0:200}"
erased=$(call -X POST "$PASSERELLE_URL/v1/customers/$customer/erase")
code=$(sed -E 's/.*"code":"([A-Z0-9]+)".*/\1/' <<<"$erased")
until call "$PASSERELLE_URL/v1/erasures/$code" | grep -qE '"state":"(done|incomplete)","?endedAt'; do sleep 1; done
call "$PASSERELLE_URL/v1/erasures/$code"
