import type { TraceSettings } from './open-telemetry.ts';
import type { Tools } from './tools.ts';

/** The tools, telling a trace collector if there is one. Its libraries are loaded only then. */
export async function watchedTools(
  tools: Tools,
  traces: TraceSettings | undefined,
  closers: { push(close: () => Promise<void>): unknown },
): Promise<Tools> {
  if (!traces) return tools;
  const { openTelemetry } = await import('./open-telemetry.ts');
  const { tracer, watchHttp, watchDownload, close } = openTelemetry(traces, tools.log);
  closers.push(close);
  return { ...tools, http: watchHttp(tools.http), download: watchDownload(tools.download), trace: tracer };
}
