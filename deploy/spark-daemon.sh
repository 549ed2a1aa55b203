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

# A file, because all users of a machine see the arguments of programs.
conf=${TMPDIR:-/tmp}/spark-daemon.conf
umask 077
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
