package io.vectorstream.it;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallbackTemplate;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/**
 * The images of the containers. {@code -Dservices.kafka.image} and {@code -Dservices.qdrant.image}
 * take others, such as those of a registry of the firm's own.
 */
final class ContainerImages {
  private static final String KAFKA = "apache/kafka:4.2.2";
  private static final String QDRANT = "qdrant/qdrant:v1.18.3";

  /** The image with which Testcontainers removes containers; the one of version 2.0.5. */
  private static final String RYUK = "testcontainers/ryuk:0.14.0";

  /** What Docker answers if there is an image, but only for another processor. */
  private static final String OTHER_PROCESSOR = "no matching manifest";

  private ContainerImages() {}

  static DockerImageName kafka() {
    return image("kafka", KAFKA);
  }

  static DockerImageName qdrant() {
    return image("qdrant", QDRANT);
  }

  private static DockerImageName image(String service, String own) {
    return DockerImageName.parse(System.getProperty(property(service), own))
        .asCompatibleSubstituteFor(DockerImageName.parse(own).getUnversionedPart());
  }

  private static String property(String service) {
    return "services." + service + ".image";
  }

  /**
   * Asks the Docker engine for each image and, where it has one not, pulls it. Tries that once and
   * with a client of its own: Testcontainers tries it for two minutes, and begins with {@link
   * #RYUK} as soon as it is asked for a client.
   *
   * @return why there can be no containers: one sentence that names an image that cannot be had,
   *     and how to take another; empty if all are there
   */
  static Optional<String> missing() {
    List<DockerClientProviderStrategy> places = new ArrayList<>();
    ServiceLoader.load(DockerClientProviderStrategy.class).forEach(places::add);
    DockerClient docker;
    try {
      docker = DockerClientProviderStrategy.getFirstValidStrategy(places).getDockerClient();
    } catch (IllegalStateException e) {
      return Optional.of("no Docker engine answers");
    }
    Stream<String> ryuk =
        Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED"))
            ? Stream.of()
            : Stream.of(RYUK);
    return Stream.concat(ryuk.map(DockerImageName::parse), Stream.of(kafka(), qdrant()))
        .map(ImageNameSubstitutor.instance())
        .flatMap(image -> whyMissing(docker, image).stream())
        .findFirst();
  }

  private static Optional<String> whyMissing(DockerClient docker, DockerImageName image) {
    try {
      docker.inspectImageCmd(image.asCanonicalNameString()).exec();
      return Optional.empty();
    } catch (NotFoundException e) {
      System.out.printf("Pulling %s, as the Docker engine does not have it.%n", image);
    }
    try {
      docker
          .pullImageCmd(image.getUnversionedPart())
          .withTag(image.getVersionPart())
          .exec(new Pull())
          .awaitCompletion();
      return Optional.empty();
    } catch (DockerException | DockerClientException e) {
      if (e.getMessage().contains(OTHER_PROCESSOR)) {
        return Optional.empty();
      }
      return Optional.of(
          "the Docker engine has no image %s and cannot pull it: %s; -D%s and -D%s take other images, and docker load brings one from a file"
              .formatted(
                  image,
                  e.getMessage().strip().replaceAll("\\s+", " "),
                  property("kafka"),
                  property("qdrant")));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while pulling " + image, e);
    }
  }

  /** A pull that fails as Docker says, without a log of its own. */
  private static final class Pull extends ResultCallbackTemplate<Pull, PullResponseItem> {
    private String failure;

    @Override
    public void onNext(PullResponseItem item) {
      if (item.getErrorDetail() != null) {
        failure = item.getErrorDetail().getMessage();
      }
    }

    @Override
    public Pull awaitCompletion() throws InterruptedException {
      super.awaitCompletion();
      if (failure != null) {
        throw new DockerClientException(failure);
      }
      return this;
    }
  }
}
