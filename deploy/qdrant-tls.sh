#!/usr/bin/env bash
# qdrant-tls.sh PROGRAM ARGUMENT…: starts Qdrant with TLS. The first start makes an authority and the certificate that it
# signs, for the names of the stack; the authority's own key is deleted at once, so it never signs another.
#
# QDRANT__TLS__CERT and QDRANT__TLS__KEY name the files of the server, which stay with it. QDRANT_AUTHORITY names the file
# for its clients. Delete the three, by their volumes, for new ones.
set -euo pipefail
: "${QDRANT__TLS__CERT:?expected where the certificate belongs}" "${QDRANT__TLS__KEY:?expected where its key belongs}"
: "${QDRANT_AUTHORITY:?expected where the certificate of the authority belongs}"
names=${QDRANT_NAMES:-DNS:qdrant,DNS:localhost,IP:127.0.0.1}
days=3650

make_certificates() (
  umask 077
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc)
  openssl req -x509 "${new_key[@]}" -days $days -subj "/CN=Authority of Qdrant" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign \
    -keyout "$folder/ca-key.pem" -out "$folder/ca.pem"
  openssl req "${new_key[@]}" -subj "/CN=Qdrant" -keyout "$folder/key.pem" -out "$folder/request.pem"
  openssl x509 -req -in "$folder/request.pem" -days $days -CA "$folder/ca.pem" -CAkey "$folder/ca-key.pem" \
    -extfile <(printf 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=%s\n' "$names") \
    -out "$folder/cert.pem"
  rm "$folder/ca-key.pem"
  cp "$folder/key.pem" "$QDRANT__TLS__KEY"
  cp "$folder/cert.pem" "$QDRANT__TLS__CERT"
  install -m 0644 "$folder/ca.pem" "$QDRANT_AUTHORITY"
)

# Whether the three belong together: a start may have been cut off between them.
are_right() {
  openssl verify -CAfile "$QDRANT_AUTHORITY" "$QDRANT__TLS__CERT" &&
    [[ $(openssl x509 -in "$QDRANT__TLS__CERT" -noout -pubkey) == "$(openssl pkey -in "$QDRANT__TLS__KEY" -pubout)" ]]
}

if ! are_right >/dev/null 2>&1; then
  echo "qdrant-tls.sh: making an authority and a certificate for $names"
  make_certificates
fi
exec "$@"
