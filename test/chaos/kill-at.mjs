// Loaded into the service before it starts (`node --import`): names each step on the fourth stream when it is first
// reached, and kills the process, as the kernel does when memory is out, when it reaches the step KILL_AT_STEP for the
// KILL_AT_COUNTth time. The service itself knows nothing of it. KILL_AT_SIGNAL=SIGSTOP has it stand still instead.
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';

const { KILL_AT_STEP: wanted, KILL_AT_COUNT: count = '1', KILL_AT_SIGNAL: signal = 'SIGKILL' } = process.env;
const named = new Set();
let left = Number(count);
subscribe('passerelle:step', (name) => {
  if (!named.has(name)) {
    named.add(name);
    writeSync(3, `${name}\n`);
  }
  if (name === wanted && --left === 0) process.kill(process.pid, signal);
});
