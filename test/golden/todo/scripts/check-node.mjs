// Runs before the other scripts, on any version of Node that supports modules.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 24 || (major === 24 && minor < 12)) {
  console.error(
    `This project needs Node 24.12 or newer; you have ${process.versions.node}. ` +
      'Install it from https://nodejs.org or run it with Docker.',
  );
  process.exit(1);
}
