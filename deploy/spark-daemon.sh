#!/bin/sh
# spark-daemon.sh master|worker ARGUMENT…: Spark's own master or worker, which talks to nobody who does not know the
# secret in VECTORSTREAM_SPARK_SECRET.
set -eu
: "${VECTORSTREAM_SPARK_SECRET:?expected the secret that master, workers and pipeline share}"
case ${1:-} in
  master) class=org.apache.spark.deploy.master.Master ;;
  worker) class=org.apache.spark.deploy.worker.Worker ;;
  *) echo "spark-daemon.sh: '${1:-}' is unknown; expected master or worker" >&2; exit 2 ;;
esac
shift

# It becomes a line of a file.
case $VECTORSTREAM_SPARK_SECRET in
  *[![:graph:]]*) echo "spark-daemon.sh: the secret has blanks, line ends or other characters that are not visible" >&2; exit 2 ;;
  ????????????????*) ;;
  *) echo "spark-daemon.sh: the secret has fewer than 16 characters" >&2; exit 2 ;;
esac

# A file, because all users of a machine see the arguments of programs; with a name that nobody has made a file of before.
umask 077
conf=$(mktemp "${TMPDIR:-/tmp}/spark-daemon.XXXXXXXX")
cat >"$conf" <<EOF
spark.authenticate                  true
spark.authenticate.secret           $VECTORSTREAM_SPARK_SECRET
spark.network.crypto.enabled        true
spark.network.crypto.cipher         AES/GCM/NoPadding
# Its web page is for looking only, and it takes programs from nobody but a driver with the secret.
spark.ui.killEnabled                false
spark.master.rest.enabled           false
spark.worker.cleanup.enabled        true
EOF
unset VECTORSTREAM_SPARK_SECRET
exec "${SPARK_HOME:-/opt/spark}/bin/spark-class" "$class" --properties-file "$conf" "$@"
