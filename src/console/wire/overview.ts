/** How the service does, now. */
export interface Overview {
  at: string;
}
