#!/bin/bash
# Replaces Kafka's program of this name, with the options that deploy/check-compose uses.
exec java ${KAFKA_HEAP_OPTS:--Xmx128m} -XX:+UseSerialGC -cp '/opt/kafka/libs/*' /opt/kafka/bin/ReadTopic.java "$@"
