#!/bin/sh
# Reads a new API key on standard input, puts it into a secret, and restarts what uses it.
# gatehouse keys rotate Shop --exec ./store-in-kubernetes.sh
set -eu
namespace=${NAMESPACE:-default}
secret=${SECRET:-shop-api-key}
deployment=${DEPLOYMENT:-shop}

manifest=$(kubectl --namespace "$namespace" create secret generic "$secret" \
  --from-file=key=/dev/stdin --dry-run=client --output yaml)
printf '%s\n' "$manifest" | kubectl --namespace "$namespace" apply --filename -
kubectl --namespace "$namespace" rollout restart "deployment/$deployment"
kubectl --namespace "$namespace" rollout status "deployment/$deployment" --timeout 5m
