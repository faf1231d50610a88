// Loaded before the command line in a measured run: tells what the process used when it ends.
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { processor: (userCPUTime + systemCPUTime) / 1e6, most: maxRSS / 1024 };
  process.stderr.write(`USAGE ${JSON.stringify(usage)}\n`);
});
