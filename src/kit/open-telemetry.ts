import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import {
  type Context,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Download } from './download.ts';
import type { Http, HttpAnswer, NoAnswer } from './http.ts';
import type { Log } from './log.ts';
import { sparingLog } from './sparing-log.ts';
import { firstSteps, type Journey, type Tracer, type TraceStep } from './tracer.ts';

/** `url` of the collector, without `/v1/traces`; `sample`: the share of journeys that is told, 0 to 1. */
export interface TraceSettings {
  url: string;
  sample: number;
}

export interface OpenTelemetry {
  tracer: Tracer;
  /** Shows the calls made within a step: method, host and status, nothing else of them. */
  watchHttp(http: Http): Http;
  watchDownload(download: Download): Download;
  /** Sends what is left, for two seconds at most. */
  close(): Promise<void>;
}

/**
 * OpenTelemetry's own tracer, told by nobody but us: nothing global is registered and nothing is patched. This module is
 * imported only where traces are wanted; it and what it brings take memory.
 */
export function openTelemetry({ url, sample }: TraceSettings, log: Log): OpenTelemetry {
  const ids = makeIds();
  const exporter = tellingFailures(
    new OTLPTraceExporter({ url: `${url.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 2_000 }),
    sparingLog(log, 60_000),
  );
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': process.env['OTEL_SERVICE_NAME'] || 'passerelle' }),
    sampler: new TraceIdRatioBasedSampler(sample),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: 1_000, exportTimeoutMillis: 2_000 })],
  });
  const tracer = provider.getTracer('passerelle');
  const within = new AsyncLocalStorage<Context>();
  return {
    tracer: makeTracer(tracer, ids, within),
    watchHttp: (http) => ({
      request: ({ ...request }) => call(tracer, within, request, () => http.request(request), answerAttributes),
    }),
    watchDownload: (download) => (from, options) =>
      call(tracer, within, { method: 'GET', url: from }, () => download(from, options), downloadAttributes),
    close: () => provider.shutdown().catch(() => undefined),
  };
}

/** Random ids, but for a span that is to have a given one. */
interface Ids extends IdGenerator {
  /** What is begun in `begin` gets this id. */
  using(context: SpanContext, begin: () => Span): Span;
}

function makeIds(): Ids {
  const random = new RandomIdGenerator();
  let given: SpanContext | undefined;
  return {
    generateTraceId: () => given?.traceId ?? random.generateTraceId(),
    generateSpanId: () => given?.spanId ?? random.generateSpanId(),
    using: (context, begin) => {
      given = context;
      try {
        return begin();
      } finally {
        given = undefined;
      }
    },
  };
}

/** The first span of a journey, whoever began it and whenever. */
function beginningOf(journey: Journey): SpanContext {
  const digest = createHash('sha256').update(journey).digest('hex');
  const traceFlags = TraceFlags.SAMPLED;
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48), traceFlags, isRemote: true };
}

function makeTracer(tracer: OtelTracer, ids: Ids, within: AsyncLocalStorage<Context>): Tracer {
  const begin = (step: TraceStep, journey: Journey, startTime?: number): Span => {
    const beginning = beginningOf(journey);
    const options = startTime === undefined ? {} : { startTime };
    if (firstSteps.has(step)) return ids.using(beginning, () => tracer.startSpan(step, options, ROOT_CONTEXT));
    return tracer.startSpan(step, options, trace.setSpanContext(ROOT_CONTEXT, beginning));
  };
  return {
    async during(step, journeys, work) {
      const spans = journeys.map((journey) => begin(step, journey)).filter((span) => span.isRecording());
      const [carrier, ...others] = spans;
      if (!carrier) return work();
      // What several were written with is shown under the first of them; the others lead there.
      for (const span of others) span.addLink({ context: carrier.spanContext() });
      try {
        return await within.run(trace.setSpan(ROOT_CONTEXT, carrier), work);
      } catch (error) {
        // Without its message, which may hold anything.
        for (const span of spans) span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        for (const span of spans) span.end();
      }
    },
    passed(step, journeys, from) {
      for (const journey of journeys) begin(step, journey, from).end(Math.max(from, Date.now()));
    },
  };
}

type Told = Record<string, string | number>;

/** A call outside, shown under the step that makes it; one that no step makes is shown nowhere. */
async function call<Answer>(
  tracer: OtelTracer,
  within: AsyncLocalStorage<Context>,
  { method, url }: { method: string; url: string },
  work: () => Promise<Answer>,
  told: (answer: Answer) => Told,
): Promise<Answer> {
  const step = within.getStore();
  if (!step) return work();
  const host = URL.canParse(url) ? new URL(url).hostname : 'unknown';
  const attributes = { 'http.request.method': method, 'server.address': host };
  const span = tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes }, step);
  try {
    const answer = await work();
    const about = told(answer);
    span.setAttributes(about);
    if ('error.type' in about) span.setStatus({ code: SpanStatusCode.ERROR });
    return answer;
  } finally {
    span.end();
  }
}

function answerAttributes(answer: HttpAnswer | NoAnswer): Told {
  if (!answer.answered) return { 'error.type': answer.why };
  const { status } = answer;
  return { 'http.response.status_code': status, ...(status >= 400 && { 'error.type': String(status) }) };
}

const downloadAttributes = (fetched: Awaited<ReturnType<Download>>): Told =>
  fetched.result === 'done' ? {} : { 'error.type': 'code' in fetched ? (fetched.code ?? 'never') : fetched.result };

/** Traces that cannot be sent are dropped; whoever set them up is told. */
function tellingFailures(exporter: SpanExporter, log: Log): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.code !== 0) log.warn('traces.not-sent', { why: 'the collector did not take them' });
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
