package io.vectorstream.stream;

import io.vectorstream.store.ForgottenUsers;
import java.io.Serializable;

/**
 * The rules for the events of a batch that are fixed before it reads them.
 *
 * @param forgotten the users who were forgotten when the ledger recorded the batch
 * @param horizon from when on events are known, in seconds since 1970
 * @param plannedAtMicros when the batch was planned, in microseconds since 1970: the same each time
 *     that it is repeated
 * @param counting whether an earlier try has begun to count: all events of the batch are stored
 */
record BatchRules(ForgottenUsers forgotten, long horizon, long plannedAtMicros, boolean counting)
    implements Serializable {}
