import { execFileSync } from 'node:child_process';
const all='@marcbachmann/cel-js,@opentelemetry/api,bottleneck,cockatiel,croner,eventemitter3,ical.js,lru-cache,oauth4webapi,p-retry,re2js,sax,semver';
const cases={ base:['b'], core:['dist'], stub:['dist',all], celre:['dist','@marcbachmann/cel-js,re2js'], otel:['dist','@opentelemetry/api'], ical:['dist','ical.js,sax'], sem:['dist','semver'], cock:['dist','cockatiel'], lru:['dist','lru-cache,croner,eventemitter3']};
const r={}; const n=Number(process.argv[2]);
for(let i=0;i<n;i++) for(const k of (i%2?Object.keys(cases).reverse():Object.keys(cases))) (r[k]??=[]).push(Number(execFileSync('node',['probe3.mjs',...cases[k]]).toString()));
const med=a=>a.toSorted((x,y)=>x-y)[a.length>>1];
for(const k in cases) console.log(k.padEnd(8), med(r[k]), Math.min(...r[k]), med(r[k].map((v,i)=>v/r.base[i])).toFixed(2), (Math.min(...r[k])/Math.min(...r.base)).toFixed(2));
