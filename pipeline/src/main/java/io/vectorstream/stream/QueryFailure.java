package io.vectorstream.stream;

import io.vectorstream.config.Redaction;
import io.vectorstream.config.Settings;
import io.vectorstream.embedding.ServerAwayException;
import io.vectorstream.event.LostRecordException;
import io.vectorstream.format.RegistryException;
import io.vectorstream.store.FencedException;
import io.vectorstream.store.StoreException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortedException;

/**
 * The reason why a query ended.
 *
 * @param message one line for users, with the remedy where there is one
 */
record QueryFailure(Kind kind, String message) {

  private static final Pattern LINE_BREAK = Pattern.compile("\\s*\\R\\s*");

  enum Kind {
    /** A service does not answer, but may do so again: the query is restarted without limit. */
    PASSING,
    /** The query would end in the same way if it were started again. */
    LASTING,
    /** The cause is not known: the query is started again a few times. */
    UNKNOWN
  }

  QueryFailure {
    message = Redaction.mask(LINE_BREAK.matcher(message.strip()).replaceAll(" "));
  }

  /** Diagnoses a chain of causes by the outermost known one. */
  static QueryFailure of(Throwable failure, Settings settings) {
    for (Throwable cause : ExceptionUtils.getThrowableList(failure)) {
      QueryFailure known = known(cause, settings);
      if (known != null) {
        return known;
      }
    }
    return new QueryFailure(Kind.UNKNOWN, rootMessage(failure));
  }

  private static QueryFailure known(Throwable cause, Settings settings) {
    if (cause instanceof PipelineException || cause instanceof FencedException) {
      return lasting(cause.getMessage());
    }
    if (cause instanceof StoreException store) {
      return new QueryFailure(store.isPassing() ? Kind.PASSING : Kind.LASTING, store.getMessage());
    }
    if (cause instanceof RegistryException || cause instanceof ServerAwayException) {
      return new QueryFailure(Kind.PASSING, cause.getMessage());
    }
    if (cause instanceof LostRecordException) {
      return lasting(cause.getMessage());
    }
    if (isEndedTransaction(cause)) {
      return new QueryFailure(
          Kind.PASSING,
          "Kafka at %s ended a transaction of dead letters, because it took too long or another process of the same checkpoint began one: %s"
              .formatted(settings.kafka().bootstrapServers(), describe(cause)));
    }
    if (isArithmetic(cause)) {
      // Even if Spark's message speaks of a loss of data: nothing is lost.
      return new QueryFailure(Kind.UNKNOWN, rootMessage(cause));
    }
    if (isDataLoss(cause)) {
      return lasting(dataLoss(cause, settings));
    }
    if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
      return lasting(
          "Kafka at %s refused: %s"
              .formatted(settings.kafka().bootstrapServers(), cause.getMessage()));
    }
    if (cause instanceof RecordTooLargeException) {
      return lasting(
          "a dead letter is larger than topic %s takes: %s; raise the topic's max.message.bytes and start again, nothing is lost"
              .formatted(settings.kafka().deadLetterTopic(), cause.getMessage()));
    }
    if (cause instanceof RetriableException || cause instanceof TimeoutException) {
      return new QueryFailure(
          Kind.PASSING,
          "Kafka at %s does not answer: %s"
              .formatted(settings.kafka().bootstrapServers(), describe(cause)));
    }
    if (cause instanceof IOException && contains(cause, "No space left on device")) {
      return lasting(
          "no space left on a disk, while writing under %s or Spark's own folders: make room and start again, nothing is lost"
              .formatted(settings.stream().checkpoint()));
    }
    if (contains(cause, "Multiple streaming jobs detected")
        || contains(cause, "Multiple streaming queries are concurrently using")) {
      // The ledger ends the replaced pipeline, at its next batch; the other one must continue.
      return new QueryFailure(
          Kind.PASSING,
          "another process wrote into the checkpoint %s, too; of the two, the one that started last goes on"
              .formatted(settings.stream().checkpoint()));
    }
    return null;
  }

  private static boolean isEndedTransaction(Throwable cause) {
    return cause instanceof ProducerFencedException
        || cause instanceof InvalidProducerEpochException
        || cause instanceof InvalidTxnStateException
        || cause instanceof InvalidPidMappingException
        || cause instanceof OutOfOrderSequenceException
        || cause instanceof TransactionAbortedException;
  }

  private static boolean isArithmetic(Throwable cause) {
    return ExceptionUtils.indexOfType(cause, ArithmeticException.class) >= 0
        || contains(cause, "java.lang.ArithmeticException");
  }

  private static boolean isDataLoss(Throwable cause) {
    return cause instanceof OffsetOutOfRangeException
        || cause.getClass().getSimpleName().equals("KafkaIllegalStateException")
        || contains(cause, "Some data may have been lost");
  }

  private static String dataLoss(Throwable cause, Settings settings) {
    return ("records of topic %s are gone that were not read yet, because they expired or the topic"
            + " was emptied: %s; to go on with what is left, set kafka.fail_on_data_loss to"
            + " false")
        .formatted(settings.kafka().topic(), rootMessage(cause));
  }

  private static QueryFailure lasting(String message) {
    return new QueryFailure(Kind.LASTING, message);
  }

  private static boolean contains(Throwable cause, String words) {
    return cause.getMessage() != null && cause.getMessage().contains(words);
  }

  /** Returns the message of the innermost cause, in one line. */
  static String rootMessage(Throwable failure) {
    Throwable root = ExceptionUtils.getRootCause(failure);
    return describe(root);
  }

  /** Returns the message of a failure, in one line. */
  static String describe(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getName()
        : message.strip().lines().findFirst().orElseThrow();
  }
}
