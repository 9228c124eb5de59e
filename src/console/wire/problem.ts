/** What an error is answered with (RFC 9457). */
export interface Problem {
  title: string;
  status: number;
  detail: string;
}
