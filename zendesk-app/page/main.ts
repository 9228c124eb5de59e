import './app.css';
import { start } from './app.ts';

start(document.getElementById('app')!);
