import { steps } from '../../src/kit/step.ts';
import { code, heading, page, table } from './markdown.ts';

const about = `The points at which it matters whether the process lives on. The service names each on Node's diagnostics channel \`passerelle:step\` as it is
reached; nobody listens in production. \`npm run chaos\` kills the service at each of them: [reliability](../reliability.md).`;

/** docs/reference/steps.md */
export function stepsPage(): string {
  const rows = Object.entries(steps).map(([name, what]) => [code(name), what]);
  return page(heading('Steps', about), table(['step', 'what has happened'], rows));
}
