#!/bin/sh
# vectorstream COMMAND …, in the image. run goes through spark-submit, whose settings are in
# /opt/spark/conf/spark-defaults.conf; everything else is a plain JVM, without a Spark that runs.
#   VECTORSTREAM_JAVA_OPTS  flags of that plain JVM
set -eu
jar=/opt/vectorstream/vectorstream.jar
main=io.vectorstream.cluster.Main

# Without memory nothing works on: the JVM says so and ends, with status 3.
memory=-XX:+ExitOnOutOfMemoryError

if [ "${1:-}" = run ]; then
  export SPARK_SUBMIT_OPTS="$memory ${SPARK_SUBMIT_OPTS:-}"
  exec /opt/spark/bin/spark-submit --class "$main" "local://$jar" "$@"
fi
# shellcheck disable=SC2086 # flags are words
exec java $memory -XX:MaxRAMPercentage=60 --add-opens=java.base/java.lang=ALL-UNNAMED ${VECTORSTREAM_JAVA_OPTS:-} -cp "$jar:/opt/spark/conf:/opt/spark/jars/*" "$main" "$@"
