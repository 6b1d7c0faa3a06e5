/**
 * Milliseconds that this process was on a processor, with its helpers that compile and collect: what else the machine does meanwhile is not in it, as
 * it would be in the time of a clock.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
