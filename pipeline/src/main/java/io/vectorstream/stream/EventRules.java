package io.vectorstream.stream;

import io.vectorstream.store.ForgottenUsers;
import java.io.Serializable;

/**
 * What a batch knows of events beforehand.
 *
 * @param forgotten who was forgotten when the ledger knew of the batch
 * @param horizon from when on events are known, in seconds since 1970
 * @param plannedAtMicros when the batch was planned, in microseconds since 1970: the same each time
 *     that it is repeated
 */
record EventRules(ForgottenUsers forgotten, long horizon, long plannedAtMicros)
    implements Serializable {}
