from bp import *
import re
def mod(name,parts,cin=0,cout=0):
    txt='\n'.join(parts).replace('~ ','~')
    ds=[l.split(' = ')[0] for l in txt.split('\n')]
    o=f'module {name}(input logic [7:0] x_i, output logic [7:0] y_o);\nlogic '+','.join(f'x{i}' for i in range(8))+';\n'
    o+='logic '+','.join(ds)+';\n'
    for i in range(8): o+=f'assign x{i} = x_i[{7-i}]'+(' ^ 1\'b1' if cin>>(7-i)&1 else '')+';\n'
    for l in txt.split('\n'): o+='assign '+l+';\n'
    o+='assign y_o = {'+','.join(f's{i}' for i in range(8))+'};\nendmodule\n'
    return o
if __name__=='__main__':
    open('bpf.sv','w').write(mod('bpf',[TOP,MID,BOT]))
