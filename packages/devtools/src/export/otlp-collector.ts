import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as OtlpExporter from "effect/observability/OtlpExporter"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"

/** Where to send telemetry. */
export interface OtlpOptions {
  /** "http://localhost:4318": `/v1/traces` and `/v1/metrics` are below it. */
  readonly baseUrl: string
  readonly headers?: Readonly<Record<string, string>>
  /** The process's title unless said otherwise. */
  readonly serviceName?: string
}

/** The collector did not take what was sent. */
export class NotCollected extends Error {
  override readonly name = "NotCollected"
  /** What it answered, or why it could not be reached. */
  readonly problem: string

  constructor(baseUrl: string, problem: string) {
    super(
      `devtools: ${baseUrl} did not take the telemetry: ${problem}; check that an OTLP collector listens there by HTTP`,
    )
    this.problem = problem
  }
}

/**
 * A collector of telemetry, reached by Effect's exporters.
 *
 * They never fail: what can't be sent is dropped, as is right in a server. Here somebody waits for it, so `flush` looks at what the collector answered.
 */
export class OtlpCollector {
  readonly #options: OtlpOptions
  #accepted = 0
  #problem = "no answer"

  constructor(options: OtlpOptions) {
    this.#options = options
  }

  url(path: "/v1/traces" | "/v1/metrics"): string {
    return this.#options.baseUrl.replace(/\/+$/, "") + path
  }

  /** What the exporters need. */
  get layer(): Layer.Layer<OtlpExporter.Flusher | HttpClient.HttpClient | OtlpSerialization.OtlpSerialization> {
    const client = Layer.effect(
      HttpClient.HttpClient,
      Effect.map(HttpClient.HttpClient, (http) => this.#watched(http)),
    ).pipe(Layer.provide(FetchHttpClient.layer))
    return Layer.mergeAll(OtlpExporter.layerFlusher, client, OtlpSerialization.layerJson)
  }

  /** Sends what has been collected, which must be something. */
  readonly flush: Effect.Effect<void, NotCollected, OtlpExporter.Flusher> = Effect.gen({ self: this }, function* () {
    const before = this.#accepted
    const flusher = yield* OtlpExporter.Flusher
    yield* flusher.flush
    if (this.#accepted === before) return yield* Effect.fail(new NotCollected(this.#options.baseUrl, this.#problem))
  })

  #watched(http: HttpClient.HttpClient): HttpClient.HttpClient {
    return http.pipe(
      HttpClient.tap(({ status }) =>
        Effect.sync(() => {
          if (status >= 200 && status < 300) this.#accepted++
          else this.#problem = `HTTP ${status}`
        }),
      ),
      HttpClient.tapError((error) =>
        Effect.sync(() => {
          this.#problem = error.message
        }),
      ),
    )
  }
}
