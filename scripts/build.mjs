// `npm run build`: what has to be built is the console's pages alone.
import { buildConsole } from './build-console.mjs';
import { installDependencies, ownNode } from './run.mjs';

installDependencies();
buildConsole(ownNode());
