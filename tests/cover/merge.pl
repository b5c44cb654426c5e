#!/usr/bin/env perl
# SPDX-License-Identifier: Apache-2.0
#
# merge.pl EXCLUDE INFO MISSED FILE.dat...: adds up coverage files of Verilator and prints one line of totals
#
# Instances and configurations are added: a point of the source counts as hit if any instance in any of them was. EXCLUDE lists what
# cannot be reached, "file | kind | pattern of the source line | reason"; it must not name what was hit, nor nothing at all.
# Writes INFO (lines and branches for genhtml) and MISSED (file:line: kind: text of what was not hit).
# Output: line HIT TOTAL branch HIT TOTAL toggle HIT TOTAL excluded N.
use strict;
use warnings;

my ($exclude, $info, $missed, @files) = @ARGV;
@files or die "usage: merge.pl EXCLUDE INFO MISSED FILE.dat...\n";
my (%line, %branch, %toggle, %text, $bad);

sub source {
  my ($file) = @_;
  if (!$text{$file}) {
    open(my $f, '<', $file) or die "$file: $!\n";
    $text{$file} = ['', map { chomp; $_ } <$f>];
  }
  return $text{$file};
}

for my $name (@files) {
  open(my $f, '<', $name) or die "$name: $!\n";
  while (<$f>) {
    my ($key, $count) = /^C '(.*)' (\d+)$/ or next;
    my %k = map { my ($a, $b) = split /\002/, $_, 2; ($a => $b // '') } grep { length } split /\001/, $key;
    my ($file, $n, $page) = @k{qw(f l page)};
    next unless $file =~ /\.svh?$/;
    if ($page =~ /^v_toggle/) {
      $toggle{"$file:$n:$k{o}"} += $count;
    } elsif ($page =~ /^v_(line|branch)/) {
      # blocks say which lines they are
      for my $part (split /,/, $k{S} // '') {
        my ($from, $to) = split /-/, $part;
        $line{$file}{$_} += $count for $from .. ($to // $from);
      }
      $branch{"$file:$n:$k{n}:$k{o}"} += $count if $page =~ /^v_branch/ || $k{o} =~ /^(case|elsif|if|else)$/;
    }
  }
  close $f;
}

my @rules;
if (-e $exclude) {
  open(my $f, '<', $exclude) or die "$exclude: $!\n";
  while (<$f>) {
    next if /^\s*(#|$)/;
    my ($file, $kind, $pattern, $reason) = map { s/^\s+|\s+$//gr } split /\s\|\s/, $_, 4;
    if (!$reason) { print STDERR "$exclude:$.: four fields are needed\n"; $bad++; next }
    push @rules, {file => $file, kind => $kind, pattern => qr/$pattern/, line => $., used => 0};
  }
}

my $excluded = 0;
open(my $miss, '>', $missed) or die "$missed: $!\n";
sub is_hit {
  my ($kind, $file, $n, $count, $what) = @_;
  return 1 if $count;
  my $source = source($file)->[$n] // '';
  for my $r (@rules) {
    next unless $r->{kind} eq $kind && $file =~ /^$r->{file}$/ && "$what $source" =~ $r->{pattern};
    $r->{used}++;
    $excluded++;
    return undef;
  }
  print $miss "$file:$n: $kind: $what $source\n";
  return 0;
}

my %sum = map { $_ => [0, 0] } qw(line branch toggle);
sub add { my ($kind, $hit) = @_; return unless defined $hit; $sum{$kind}[0] += $hit; $sum{$kind}[1]++ }
open(my $out, '>', $info) or die "$info: $!\n";
for my $file (sort keys %line) {
  print $out "TN:rtl\nSF:$file\n";
  for my $n (sort { $a <=> $b } keys %{$line{$file}}) {
    my $hit = is_hit('line', $file, $n, $line{$file}{$n}, '');
    add('line', $hit);
    print $out "DA:$n,$line{$file}{$n}\n" if defined $hit;
  }
  print $out "end_of_record\n";
}
for my $key (sort keys %branch) {
  my ($file, $n, undef, $what) = split /:/, $key, 4;
  add('branch', is_hit('branch', $file, $n, $branch{$key}, $what));
}
for my $key (sort keys %toggle) {
  my ($file, $n, $what) = split /:/, $key, 3;
  add('toggle', is_hit('toggle', $file, $n, $toggle{$key}, $what));
}
for my $r (grep { !$_->{used} } @rules) {
  next if $r->{kind} eq 'toggle' && !%toggle;
  print STDERR "$exclude:$r->{line}: excludes nothing that was not hit\n";
  $bad++;
}
printf "%s excluded %d\n", join(' ', map { "$_ $sum{$_}[0] $sum{$_}[1]" } qw(line branch toggle)), $excluded;
exit($bad ? 1 : 0);
