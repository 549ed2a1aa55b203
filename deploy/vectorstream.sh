#!/bin/sh
# vectorstream COMMAND …, in the image. run goes through spark-submit, whose settings are in
# /opt/spark/conf/spark-defaults.conf; everything else is a plain JVM, without a Spark that runs.
#   VECTORSTREAM_JAVA_OPTS  flags of that plain JVM
set -eu
jar=/opt/vectorstream/vectorstream.jar
main=io.vectorstream.cluster.Main

if [ "${1:-}" = run ]; then
  exec /opt/spark/bin/spark-submit --class "$main" "local://$jar" "$@"
fi
# shellcheck disable=SC2086 # flags are words
exec java -XX:MaxRAMPercentage=60 --add-opens=java.base/java.lang=ALL-UNNAMED ${VECTORSTREAM_JAVA_OPTS:-} -cp "$jar:/opt/spark/conf:/opt/spark/jars/*" "$main" "$@"
