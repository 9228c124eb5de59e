// Loaded into the service before it starts (`node --import`): kills it, as the kernel does when memory is out, when it
// reaches the step KILL_AT_STEP for the KILL_AT_COUNTth time. The service itself knows nothing of it.
import { subscribe } from 'node:diagnostics_channel';

const { KILL_AT_STEP: wanted, KILL_AT_COUNT: count = '1' } = process.env;
let left = Number(count);
subscribe('passerelle:step', (name) => {
  if (name === wanted && --left === 0) process.kill(process.pid, 'SIGKILL');
});
