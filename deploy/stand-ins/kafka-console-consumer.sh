#!/bin/bash
# As much of Kafka's own program as deploy/check-compose uses.
exec java ${KAFKA_HEAP_OPTS:--Xmx128m} -XX:+UseSerialGC -cp '/opt/kafka/libs/*' /opt/kafka/bin/ReadTopic.java "$@"
