package io.vectorstream.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import org.apache.commons.lang3.SerializationUtils;
import org.junit.jupiter.api.Test;

class StoreExceptionTest {

  @Test
  void it_travels_from_a_task_to_the_driver_although_its_cause_cannot() {
    StoreException failure =
        new StoreException(
            "Qdrant at q:6334 does not answer",
            true,
            Status.UNAVAILABLE.asRuntimeException(new Metadata()));

    StoreException arrived = SerializationUtils.roundtrip(failure);

    assertThat(failure).hasCauseInstanceOf(io.grpc.StatusRuntimeException.class);
    assertThat(arrived).hasMessage("Qdrant at q:6334 does not answer").hasNoCause();
    assertThat(arrived.isPassing()).isTrue();
  }
}
