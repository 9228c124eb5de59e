import express, { type ErrorRequestHandler, type Express } from 'express';
import { type FaultAnswer, type Simulator, startSimulator } from './simulator.ts';

/** What the simulator of a channel is made of. */
export interface ChannelSimulatorParts<Acts extends object, Controls> {
  port?: number | undefined;
  /** The platform's API. */
  serve(app: Express): void;
  /** Errors thrown by it, and injected ones, as the platform writes them. */
  writeError: ErrorRequestHandler;
  answer: FaultAnswer;
  /** Everything the platform holds is as if new. */
  forget(): void;
  /** What people do: the customers on their phones, whoever runs the sandbox. */
  acts: Acts;
  sender: { controls: Controls; forget(): void };
  /** Told once the server listens. */
  started(server: { url: string; changed(): void }): void;
}

/** A server with a strict API in front and a sender of webhooks behind, and what people do beside both. */
export async function startChannelSimulator<Acts extends object, Controls>(
  parts: ChannelSimulatorParts<Acts, Controls>,
): Promise<Simulator & { changed(): void } & Acts & { webhooks: Controls }> {
  const { port, acts, sender } = parts;
  const app = express();
  app.disable('x-powered-by');
  const base = await startSimulator(app, {
    answer: parts.answer,
    reset: () => {
      sender.forget();
      parts.forget();
      base.changed();
    },
    before: (misbehave) => {
      app.use(misbehave);
      parts.serve(app);
      app.use(parts.writeError);
    },
    ...(port === undefined ? {} : { port }),
  });
  parts.started(base);
  return {
    ...base,
    ...acts,
    webhooks: sender.controls,
    close: async () => {
      sender.forget();
      await base.close();
    },
  };
}
