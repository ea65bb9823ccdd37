// Holds the write lock of the file for 1.5 seconds.
import { DatabaseSync } from 'node:sqlite';

const [file = ''] = process.argv.slice(2);
const database = new DatabaseSync(file);
database.exec('begin immediate');
console.log('locked');
setTimeout(() => {
  database.exec('commit');
  database.close();
}, 1_500);
