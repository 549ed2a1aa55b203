#!/bin/sh
# Names every image of others by its digest, which nobody can move to another one: in compose.yaml and deploy/Dockerfile,
# name:tag becomes name:tag@sha256:…. It asks the registries, by Docker; run it again to go to what a tag means now.
set -eu
cd -- "$(dirname -- "$0")/.."
files='compose.yaml deploy/Dockerfile'

# Ours has no digest before it is pushed.
# shellcheck disable=SC2086 # several files
images=$(sed -n \
  -e 's/^ *image: *//p' \
  -e 's/^ARG SPARK_IMAGE=//p' \
  -e 's/^FROM \([^ $]*\).*/\1/p' $files |
  sed 's/@sha256:.*//' | grep -v '^vectorstream:' | grep -v '^$' | sort -u)

for image in $images; do
  digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$image")
  if ! printf %s "$digest" | grep -Eqx 'sha256:[0-9a-f]{64}'; then
    echo "pin-images.sh: '$digest' is no digest of $image; expected sha256: and 64 digits" >&2
    exit 1
  fi
  name=$(printf %s "$image" | sed 's/[.]/[.]/g')
  for file in $files; do
    sed "s|\\([ =]\\)$name\\(@sha256:[0-9a-f]*\\)\\{0,1\\}\\( .*\\)\\{0,1\\}\$|\\1$image@$digest\\3|" "$file" >"$file.pinned"
    # The file itself stays, with its owner and its mode.
    cat "$file.pinned" >"$file"
    rm "$file.pinned"
  done
  echo "$image@$digest"
done
