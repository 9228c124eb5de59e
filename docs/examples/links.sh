#!/usr/bin/env bash
# A link that says who a customer of the shop is in the chat. Wants a key with the scope links.
set -euo pipefail
customer=${1:?say which customer of the shop}

made=$(curl --fail-with-body --silent "$PASSERELLE_URL/v1/links" \
  -H "Authorization: Bearer $PASSERELLE_KEY" \
  -H 'Content-Type: application/json' \
  -H "Idempotency-Key: link-of-$customer" \
  -d "{ \"customerId\": \"$customer\", \"email\": \"$customer@example.com\" }")
echo "$made"

id=$(sed -E 's/.*"id":"([^"]+)".*/\1/' <<<"$made")
curl --fail-with-body --silent "$PASSERELLE_URL/v1/links/$id" -H "Authorization: Bearer $PASSERELLE_KEY"
